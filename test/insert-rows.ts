import { openDatabase } from '../src/store/db.ts'

// A process that inserts rows into `row_of_test` of a data folder for ever, four at a time, and prints each number once
// its commit was acknowledged. `node test/insert-rows.ts FOLDER server|guest FIRST`

const [dataFolder = '', role = 'guest', first = '0'] = process.argv.slice(2)
const open = await openDatabase({ dataFolder, asServer: role === 'server' })
await open.pool.query('create table if not exists row_of_test (number integer primary key)').catch(() => undefined)
let next = Number(first)

async function insertForEver(): Promise<never> {
  for (;;) {
    const number = next++
    try {
      await open.pool.query('insert into row_of_test values ($1)', [number])
      process.stdout.write(`${number}\n`)
    } catch {
      await new Promise((done) => setTimeout(done, 20))
    }
  }
}

await Promise.all(Array.from({ length: 4 }, insertForEver))
