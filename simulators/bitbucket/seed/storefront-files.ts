export const ordersRoute = `import { Router } from 'express'
import { query } from '../db.js'
import { requireSession } from '../auth/session.js'

export const orders = Router()

// The customer's own orders, newest first.
orders.get('/', requireSession, async (req, res) => {
  const rows = await query('select id, total, state from orders where customer_id = $1 order by id desc', [req.session.customerId])
  res.json({ orders: rows })
})

orders.get('/search', requireSession, async (req, res) => {
  const term = req.query.q
  const sql = "select id, total, state from orders where note like '%" + term + "%'"
  const rows = await query(sql)
  res.json({ orders: rows })
})

orders.get('/:id', requireSession, async (req, res) => {
  const [order] = await query('select * from orders where id = $1', [req.params.id])
  if (!order) return res.status(404).json({ error: 'no such order' })
  res.json(order)
})
`

export const productsRoute = `import { Router } from 'express'
import { query } from '../db.js'

export const products = Router()

products.get('/', async (req, res) => {
  const rows = await query('select id, name, price from products where visible order by name')
  res.json({ products: rows })
})

products.get('/preview', (req, res) => {
  res.type('html')
  res.send('<h1>Preview of ' + req.query.name + '</h1>')
})
`

export const exportRoute = `import { exec } from 'node:child_process'
import { Router } from 'express'
import { requireSession } from '../auth/session.js'

export const exports = Router()

exports.post('/', requireSession, (req, res) => {
  const month = req.body.month
  exec('bin/export-orders --month ' + month, (error, stdout) => {
    if (error) return res.status(500).json({ error: 'export failed' })
    res.type('text/csv').send(stdout)
  })
})
`

export const sessionFile = `import jwt from 'jsonwebtoken'

const secret = 'meadow-dev-secret'

export function createSession(customerId) {
  return jwt.sign({ customerId }, secret, { expiresIn: '12h' })
}

export function requireSession(req, res, next) {
  const token = (req.headers.authorization || '').replace('Bearer ', '')
  try {
    req.session = jwt.verify(token, secret)
    next()
  } catch {
    res.status(401).json({ error: 'log in first' })
  }
}
`

export const downloadFile = `import { createReadStream } from 'node:fs'
import { join } from 'node:path'

const folder = '/srv/storefront/downloads'

export function sendDownload(req, res) {
  const file = join(folder, req.query.file)
  createReadStream(file).pipe(res)
}

export async function fetchImage(req, res) {
  const answer = await fetch(req.query.url)
  res.type(answer.headers.get('content-type') || 'image/png')
  res.send(Buffer.from(await answer.arrayBuffer()))
}
`

export const hashFile = `import { createHash } from 'node:crypto'

export function passwordHash(password) {
  return createHash('md5').update(password).digest('hex')
}

export function etagOf(body) {
  return createHash('sha256').update(body).digest('base64url').slice(0, 22)
}
`

export const dbFile = `import pg from 'pg'

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL })

export async function query(text, values = []) {
  const result = await pool.query(text, values)
  return result.rows
}
`

export const serverFile = `import express from 'express'
import { orders } from './routes/orders.js'
import { products } from './routes/products.js'

const app = express()
app.use(express.json())
app.use('/orders', orders)
app.use('/products', products)
app.get('/health', (req, res) => res.json({ ok: true }))

app.listen(process.env.PORT || 3000)
`

export const packageFile = `{
  "name": "storefront-api",
  "version": "1.4.0",
  "private": true,
  "type": "module",
  "scripts": { "start": "node src/server.js", "test": "node --test" },
  "dependencies": { "express": "4.17.1", "jsonwebtoken": "8.5.1", "lodash": "4.17.15", "pg": "8.7.1" }
}
`
