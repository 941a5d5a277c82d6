import { expect, test } from 'vitest'
import { matchesGlob } from '../../shared/glob.ts'
import { type PlanWish, planOf } from './definition.ts'
import { parseYaml } from './parse-yaml.ts'

const file = parseYaml(`
image: node:24
options: { max-time: 30 }
pipelines:
  default:
    - step: { script: [npm test] }
  branches:
    main:
      - step: { name: Build, image: { name: alpine }, script: [make], max-time: 5 }
      - stage:
          name: Ship
          deployment: Production
          trigger: manual
          steps:
            - step: { name: Copy, script: [{ pipe: 'atlassian/scp-deploy:1.4.0' }] }
            - step: { name: Check, script: [curl] }
    '{feature,bugfix}/*':
      - parallel:
          steps:
            - step: { name: Unit, script: [a] }
            - step: { name: Lint, script: [b] }
  pull-requests:
    '**':
      - step: { name: Review, script: [c] }
  tags:
    v*:
      - step: { name: Publish, script: [d] }
  custom:
    nightly:
      - variables: [{ name: LEVEL }]
      - step: { name: Deep scan, script: [e] }
`)

const names = (wish: PlanWish) => planOf(file, wish)?.steps.map((step) => step.name)

test.each<[PlanWish, string[] | undefined]>([
  [{ kind: 'branch', name: 'main' }, ['Build', 'Copy', 'Check']],
  [{ kind: 'branch', name: 'feature/login' }, ['Unit', 'Lint']],
  [{ kind: 'branch', name: 'feature/a/b' }, ['Step 1']],
  [{ kind: 'branch', name: 'other' }, ['Step 1']],
  [{ kind: 'tag', name: 'v1.0' }, ['Publish']],
  [{ kind: 'tag', name: 'nightly' }, undefined],
  [{ kind: 'pull_request', source: 'feature/login' }, ['Review']],
  [{ kind: 'selector', selector: { type: 'custom', pattern: 'nightly' } }, ['Deep scan']],
  [{ kind: 'selector', selector: { type: 'custom', pattern: 'weekly' } }, undefined],
  [{ kind: 'default' }, ['Step 1']],
])('%j has the steps %j', (wish, expected) => {
  expect(names(wish)).toEqual(expected)
})

test('steps take what they do not say from their stage and from the file', () => {
  expect(planOf(file, { kind: 'branch', name: 'main' })?.steps).toEqual([
    { name: 'Build', image: 'alpine', script: ['make'], environment: null, manual: false, maxTime: 5 },
    {
      name: 'Copy',
      image: 'node:24',
      script: ['atlassian/scp-deploy:1.4.0'],
      environment: 'Production',
      manual: true,
      maxTime: 30,
    },
    { name: 'Check', image: 'node:24', script: ['curl'], environment: 'Production', manual: false, maxTime: 30 },
  ])
})

test.each([
  ['**', 'a/b', true],
  ['a/*', 'a/b/c', false],
  ['v1.*', 'v1x2', false],
  ['{a,b}/*', 'b/c', true],
])('%s on %s: %s', (pattern, name, expected) => {
  expect(matchesGlob(pattern, name)).toBe(expected)
})
