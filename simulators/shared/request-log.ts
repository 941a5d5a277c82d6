import { type Forgotten, keepNewest } from './keep-newest.ts'

interface RequestLog<Logged> {
  requests: Logged[]
  forgotten: Forgotten
  /** Which record a request has. */
  logged: WeakMap<object, Logged>
}

/** Logs a request, once; what is learnt of it later is added to its record. */
export function keepRequest<Logged extends object>(
  log: RequestLog<Logged>,
  request: object,
  { became, first }: { became: Partial<Logged>; first: () => Logged },
): void {
  const known = log.logged.get(request)
  if (known !== undefined) {
    Object.assign(known, became)
    return
  }
  const record = { ...first(), ...became }
  log.logged.set(request, record)
  log.requests.push(record)
  keepNewest(log, 'requests')
}
