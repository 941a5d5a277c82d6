import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { Pool } from 'pg'

// The least a durable webhook receiver can be: read the body, one committed insert, answer. No signature, no queue, no
// check. `DATABASE_URL=… node bench/webhook-baseline.ts` prints its address.
const pool = new Pool({ connectionString: process.env['DATABASE_URL'], max: 10 })
await pool.query(
  'create table if not exists bench_baseline (id uuid primary key, body bytea not null, received_at timestamptz not null)',
)
await pool.query('alter table bench_baseline alter column body set storage external')

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(Buffer.from(chunk))
  const values = [randomUUID(), Buffer.concat(chunks), new Date()]
  await pool.query({ name: 'insert', text: 'insert into bench_baseline values ($1, $2, $3)', values })
  response.writeHead(202, { 'content-type': 'application/json' }).end('{"state":"accepted"}')
}

const server = createServer((request, response) => {
  answer(request, response).catch(() => response.writeHead(503).end())
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (typeof address === 'object' && address !== null) console.log(`listening at http://127.0.0.1:${address.port}`)
})
process.once('SIGTERM', () => {
  server.close()
  server.closeAllConnections()
  void pool.end()
})
