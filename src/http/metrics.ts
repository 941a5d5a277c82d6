import type { FastifyInstance } from 'fastify'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { countWork } from '../store/access/work-counts.ts'
import type { HttpContext } from './context.ts'
import type { LiveHub } from './live-hub.ts'

/** Prometheus figures at /metrics, where the configuration switches them on; no organization, name or address in them. */
export function registerMetrics(server: FastifyInstance, context: HttpContext, hub: LiveHub): void {
  if (!context.settings.isMetricsOn) return
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const duration = new Histogram({
    name: 'weir_http_request_duration_seconds',
    help: 'Time to answer a request, by route',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [registry],
  })
  const webhooks = new Counter({
    name: 'weir_webhook_requests_total',
    help: 'Webhook requests by status of the answer',
    labelNames: ['status'],
    registers: [registry],
  })
  const countAgain = registerGauges(registry, context, hub)
  server.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none'
    const labels = { method: request.method, route, status: String(reply.statusCode) }
    duration.observe(labels, reply.elapsedTime / 1000)
    if (route.startsWith('/hooks/')) webhooks.inc({ status: labels.status })
  })
  server.get('/metrics', { schema: { hide: true } }, async (_request, reply) => {
    void reply.header('cache-control', 'no-store').type(registry.contentType)
    await countAgain()
    return registry.metrics()
  })
}

/** Answers how to bring the figures of unfinished work up to date. */
function registerGauges(registry: Registry, context: HttpContext, hub: LiveHub): () => Promise<void> {
  const [operations, deliveries] = [workGauge('weir_operations', 'Outbound'), workGauge('weir_deliveries', 'Inbound')]
  const streams = new Gauge({
    name: 'weir_live_streams',
    help: 'Open live event streams of this process',
    registers: [],
    collect() {
      this.set(hub.count())
    },
  })
  const database = new Gauge({ name: 'weir_database_up', help: 'Whether the database answers', registers: [] })
  for (const gauge of [operations, deliveries, streams, database]) registry.registerMetric(gauge)
  return async () => {
    operations.reset()
    deliveries.reset()
    // Without its database this process still has figures of its own, which are wanted just then.
    const counts = await countWork(context.db).catch((error: unknown) => {
      context.log.warn({ err: error }, 'unfinished work cannot be counted')
      return { operations: [], deliveries: [], isMissing: true }
    })
    database.set('isMissing' in counts ? 0 : 1)
    for (const { state, count } of counts.operations) operations.set({ state }, count)
    for (const { state, count } of counts.deliveries) deliveries.set({ state }, count)
  }
}

function workGauge(name: string, direction: string): Gauge<'state'> {
  return new Gauge({
    name,
    help: `${direction} work that is not finished, by state`,
    labelNames: ['state'],
    registers: [],
  })
}
