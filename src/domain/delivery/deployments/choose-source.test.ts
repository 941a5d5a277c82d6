import { describe, expect, it } from 'vitest'
import { chooseSource, type SourceRule } from './choose-source.ts'

const rule = (kind: SourceRule['kind'], validFrom: number, isOwn: boolean): SourceRule => ({
  kind,
  pattern: null,
  validFrom,
  isOwn,
})

describe('the source of deployments in force', () => {
  it('is what Bitbucket says where nobody chose another', () => {
    expect(chooseSource([], 100).kind).toBe('bitbucket')
    expect(chooseSource([rule('push', 101, true)], 100).kind).toBe('bitbucket')
  })

  it('is the latest one chosen, from its very second on', () => {
    const rules = [rule('push', 100, true), rule('merge', 200, true)]
    expect(chooseSource(rules, 199).kind).toBe('push')
    expect(chooseSource(rules, 200).kind).toBe('merge')
  })

  it('is the repository’s own before the organization’s, however late that came', () => {
    const rules = [rule('pipeline', 300, false), rule('push', 100, true)]
    expect(chooseSource(rules, 400).kind).toBe('push')
    expect(chooseSource(rules, 99).kind).toBe('bitbucket')
  })
})
