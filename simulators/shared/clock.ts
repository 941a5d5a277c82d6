interface Waiter {
  due: number
  timer: NodeJS.Timeout | undefined
  wake: () => void
}

/** Lets what was woken go on, so that what it waits for next counts from the time it was woken at. */
async function afterWaking(): Promise<void> {
  await new Promise<void>((resolve) => setImmediate(resolve))
}

/**
 * The time of a simulator: runs as `base` does until it is taken in hand, then stands still until it is moved. Waiting
 * takes real time as long as it runs.
 */
export class Clock {
  readonly #base: () => number
  readonly #waiters = new Set<Waiter>()
  #offset = 0
  /** null: it runs. */
  #stoodAt: number | null = null
  #setBacks = 0

  constructor(base: () => number) {
    this.#base = base
  }

  /** Milliseconds since 1970. */
  now(): number {
    return this.#stoodAt ?? this.#base() + this.#offset
  }

  isByHand(): boolean {
    return this.#stoodAt !== null
  }

  /** How often it was set back. */
  setBacks(): number {
    return this.#setBacks
  }

  /** How many wait for a later time, and the first of those times. */
  waiting(): { count: number; next: number | null } {
    return { count: this.#waiters.size, next: this.#first()?.due ?? null }
  }

  /** Resolves when so much time has gone by on this clock; rejects when the signal says so. */
  async wait(ms: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    await new Promise<void>((resolve, reject) => {
      const waiter: Waiter = { due: this.now() + ms, timer: undefined, wake: () => undefined }
      const end = () => {
        clearTimeout(waiter.timer)
        this.#waiters.delete(waiter)
        signal.removeEventListener('abort', cancel)
      }
      const cancel = () => {
        end()
        reject(new Error('stopped'))
      }
      waiter.wake = () => {
        end()
        resolve()
      }
      signal.addEventListener('abort', cancel)
      this.#waiters.add(waiter)
      if (this.#stoodAt === null) this.#arm(waiter)
    })
  }

  /** Stops at a time: a later one as by `advance`; at an earlier one, whoever waits has as long to wait as before. */
  async set(time: number): Promise<void> {
    this.#stop()
    const by = time - this.now()
    if (by >= 0) return await this.#moveTo(time)
    for (const waiter of this.#waiters) waiter.due += by
    this.#stoodAt = time
    this.#setBacks += 1
  }

  /** Stops, moves on by so much, and wakes on the way who waited for it, in order of time. */
  async advance(ms: number): Promise<void> {
    this.#stop()
    await this.#moveTo(this.now() + ms)
  }

  /** Runs by itself from where it stands. */
  run(): void {
    if (this.#stoodAt === null) return
    this.#offset = this.#stoodAt - this.#base()
    this.#stoodAt = null
    for (const waiter of this.#waiters) this.#arm(waiter)
  }

  #arm(waiter: Waiter): void {
    waiter.timer = setTimeout(waiter.wake, Math.max(0, waiter.due - this.now()))
  }

  #stop(): void {
    this.#stoodAt = this.now()
    for (const waiter of this.#waiters) clearTimeout(waiter.timer)
  }

  #first(): Waiter | undefined {
    return [...this.#waiters].toSorted((one, other) => one.due - other.due)[0]
  }

  async #moveTo(end: number): Promise<void> {
    for (let next = this.#first(); next !== undefined && next.due <= end; next = this.#first()) {
      this.#stoodAt = Math.max(this.now(), next.due)
      next.wake()
      await afterWaking()
    }
    this.#stoodAt = end
  }
}
