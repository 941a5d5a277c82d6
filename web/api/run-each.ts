import type { ApiProblem } from './api-problem.ts'
import { toProblem } from './api-problem.ts'

export type Refused<Item> = { readonly item: Item; readonly problem: ApiProblem }
export type RunState<Item> = {
  readonly done: number
  readonly total: number
  readonly refused: readonly Refused<Item>[]
}

type Run<Item> = {
  readonly items: readonly Item[]
  readonly act: (item: Item) => Promise<unknown>
  /** After each item, and once before the first. */
  readonly onStep: (state: RunState<Item>) => void
}

/** Acts on one item after the other; one that is refused does not stop the others. Answers how it ended. */
export async function runEach<Item>({ items, act, onStep }: Run<Item>): Promise<RunState<Item>> {
  let state: RunState<Item> = { done: 0, total: items.length, refused: [] }
  onStep(state)
  for (const item of items) {
    try {
      await act(item)
      state = { ...state, done: state.done + 1 }
    } catch (error) {
      state = { ...state, done: state.done + 1, refused: [...state.refused, { item, problem: toProblem(error) }] }
    }
    onStep(state)
  }
  return state
}
