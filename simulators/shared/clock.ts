import { setImmediate as nextTurn } from 'node:timers/promises'

interface Waiter {
  due: number
  timer: NodeJS.Timeout | undefined
  wake: () => void
}

/** Times a clock can be moved to: what git, JavaScript's dates and microseconds in a number can all say. */
export const earliestTime = Date.UTC(1970, 0, 1)
export const latestTime = Date.UTC(2100, 0, 1) - 1

/** setTimeout can wait for no longer. */
const longestTimerMs = 2_147_483_647

/** A time the clock cannot be moved to. */
export class NoSuchTimeError extends Error {}

function assertReachable(time: number): void {
  if (time >= earliestTime && time <= latestTime) return
  throw new NoSuchTimeError('the clock goes from 1970-01-01 to the end of 2099')
}

/**
 * The time of a simulator: runs as `base` does until it is taken in hand, then stands still until it is moved. Waiting
 * takes real time as long as it runs. Whoever moves it waits until those who moved it before are done.
 */
export class Clock {
  readonly #base: () => number
  readonly #waiters = new Set<Waiter>()
  #offset = 0
  /** null: it runs. */
  #stoodAt: number | null = null
  /** Where it is being moved to. */
  #goal: number | null = null
  #setBacks = 0
  /** Tail of the queue of those who move it. */
  #moving: Promise<void> = Promise.resolve()
  #settle: () => Promise<void> = async () => undefined
  readonly #followers: ((by: number) => void)[] = []

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

  /** Where it will stand when the move under way is over. */
  goal(): number {
    return this.#goal ?? this.now()
  }

  /** How often it was set back. */
  setBacks(): number {
    return this.#setBacks
  }

  /** How many wait for a later time, and the first of those times. */
  waiting(): { count: number; next: number | null } {
    return { count: this.#waiters.size, next: this.#first()?.due ?? null }
  }

  /** What has to be at rest (or to wait for this clock) before it moves on: else it would run ahead of what it woke. */
  settleBy(settle: () => Promise<void>): void {
    this.#settle = settle
  }

  /** Calls with the (negative) milliseconds it was set back by: for times kept elsewhere that something waits for. */
  onSetBack(follow: (by: number) => void): void {
    this.#followers.push(follow)
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
      if (this.#stoodAt === null) this.#arm(waiter, ms)
    })
  }

  /**
   * Stops at a time: a later one as by `advance`; at an earlier one, whoever waits has as long to wait as before. Throws
   * NoSuchTimeError.
   */
  async set(time: number): Promise<void> {
    assertReachable(time)
    await this.#inTurn(async () => {
      this.#stop()
      if (time >= this.now()) await this.#moveTo(time)
      else this.#setBack(time)
    })
  }

  /** Stops, moves on by so much, and wakes on the way who waited for it, in order of time. Throws NoSuchTimeError. */
  async advance(ms: number): Promise<void> {
    await this.#inTurn(async () => {
      const goal = this.now() + Math.max(0, ms)
      assertReachable(goal)
      this.#stop()
      await this.#moveTo(goal)
    })
  }

  /** Runs by itself from where it stands. */
  async run(): Promise<void> {
    await this.#inTurn(async () => {
      if (this.#stoodAt === null) return
      this.#offset = this.#stoodAt - this.#base()
      this.#stoodAt = null
      for (const waiter of this.#waiters) this.#arm(waiter, waiter.due - this.now())
    })
  }

  async #inTurn(move: () => Promise<void>): Promise<void> {
    const mine = this.#moving.then(move)
    this.#moving = mine.catch(() => undefined)
    await mine
  }

  /** Longer than one timer can wait it waits in several. */
  #arm(waiter: Waiter, left: number): void {
    const slice = Math.min(Math.max(0, left), longestTimerMs)
    waiter.timer = setTimeout(() => {
      if (left > slice) this.#arm(waiter, left - slice)
      else waiter.wake()
    }, slice)
  }

  #stop(): void {
    this.#stoodAt = this.now()
    for (const waiter of this.#waiters) clearTimeout(waiter.timer)
  }

  #setBack(time: number): void {
    const by = time - this.now()
    this.#stoodAt = time
    this.#setBacks += 1
    for (const waiter of this.#waiters) waiter.due += by
    for (const follow of this.#followers) follow(by)
  }

  async #rest(): Promise<void> {
    // What was woken in this turn goes on in the next.
    await nextTurn()
    await this.#settle()
  }

  #first(): Waiter | undefined {
    return [...this.#waiters].toSorted((one, other) => one.due - other.due)[0]
  }

  async #moveTo(goal: number): Promise<void> {
    this.#goal = goal
    try {
      await this.#rest()
      for (let next = this.#first(); next !== undefined && next.due <= goal; next = this.#first()) {
        const { due } = next
        this.#stoodAt = Math.max(this.now(), due)
        for (const waiter of Array.from(this.#waiters)) if (waiter.due === due) waiter.wake()
        await this.#rest()
      }
      this.#stoodAt = goal
    } finally {
      this.#goal = null
    }
  }
}
