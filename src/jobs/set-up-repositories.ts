import { type JobHandler, type SetUpData, setUpData } from './handler.ts'

export function setUpRepositoriesJob(setUp: (input: SetUpData) => Promise<unknown>): JobHandler {
  return async (data) => {
    await setUp(setUpData.parse(data))
  }
}
