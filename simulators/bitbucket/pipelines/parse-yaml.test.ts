import { expect, test } from 'vitest'
import { parseYaml, YamlError } from './parse-yaml.ts'

test('reads a pipelines file with anchors, merge keys, comments, lists as deep as their key and block scalars', () => {
  const text = `# built in a container
image: node:24 # the current one
definitions:
  steps:
    - step: &build
        name: "Build: all"
        caches: [node, 'pip']
        script:
          - npm ci
          - >
            npm test --
            --silent
    - step:
        <<: *build
        name: 'It''s other'
pipelines:
  default:
  - step: *build
  branches:
    'release/*':
      - parallel:
          - step: { name: One, trigger: manual }
          - step:
              script:
                - |
                  if true; then
                    echo "a: b" # kept
                  fi
              max-time: 15
  custom:
    deploy-now: []
`
  expect(parseYaml(text)).toEqual({
    image: 'node:24',
    definitions: {
      steps: [
        {
          step: { name: 'Build: all', caches: ['node', 'pip'], script: ['npm ci', 'npm test -- --silent\n'] },
        },
        {
          step: { name: "It's other", caches: ['node', 'pip'], script: ['npm ci', 'npm test -- --silent\n'] },
        },
      ],
    },
    pipelines: {
      default: [
        { step: { name: 'Build: all', caches: ['node', 'pip'], script: ['npm ci', 'npm test -- --silent\n'] } },
      ],
      branches: {
        'release/*': [
          {
            parallel: [
              { step: { name: 'One', trigger: 'manual' } },
              { step: { script: ['if true; then\n  echo "a: b" # kept\nfi\n'], 'max-time': 15 } },
            ],
          },
        ],
      },
      custom: { 'deploy-now': [] },
    },
  })
})

test('an alias stands for what was anchored, in blocks, in lists on one line and merged from several', () => {
  const text = `base: &base { image: one, size: 1 }
other: &other
  size: 2
  name: o
list: [&x a, *x, *base]
all:
  name: mine
  <<: [*other, *base]
  __proto__: plain
`
  const base = { image: 'one', size: 1 }
  const other = { size: 2, name: 'o' }
  expect(JSON.stringify(parseYaml(text))).toBe(
    JSON.stringify({
      base,
      other,
      list: ['a', 'a', base],
      all: Object.fromEntries([...Object.entries({ image: 'one', size: 2, name: 'mine' }), ['__proto__', 'plain']]),
    }),
  )
})

const nested = (open: string, close: string, levels: number) => open.repeat(levels) + close.repeat(levels)
const laughs = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]']
for (let level = 1; level < 12; level += 1)
  laughs.push(`a${level}: &a${level} [${Array.from({ length: 10 }, () => `*a${level - 1}`).join(', ')}]`)

test.each([
  ['lists in lists', `a: ${nested('[', ']', 20_000)}`],
  ['mappings in mappings', `a: ${nested('{a: ', '}', 20_000)}`],
  ['dashes behind dashes', `a:\n  ${'- '.repeat(20_000)}x`],
  ['anchors behind anchors', `a: ${'&a '.repeat(20_000)}x`],
  ['indented blocks', Array.from({ length: 500 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')],
  ['aliases of aliases', laughs.join('\n')],
  ['merge keys of aliases of aliases', `${laughs.join('\n')}\nz:\n  <<: *a9`],
])('refuses %s without end', (_name, text) => {
  expect(() => parseYaml(text)).toThrow(YamlError)
})

test.each([
  ['blanks before no colon', `a${' '.repeat(200_000)}b`],
  ['blanks behind a colon', `a:${' '.repeat(200_000)}\u2028b`],
  ['empty lines', `${'\n'.repeat(200_000)}a: 1`],
  ['colons', `a${':a'.repeat(200_000)}`],
])('reads a file of many %s in the time it takes to look at it once', (_name, text) => {
  expect(() => parseYaml(text)).not.toThrow()
})

test.each([
  'a: [1',
  'a: "open',
  'a: *nobody',
  'a: 1\n  b: 2\n c: 3',
  '\ta: 1',
  'a: 1\nnothing',
  'a: !!str x',
  '- &a step: x',
  'a:\n  <<: 3',
])('refuses %j', (text) => {
  expect(() => parseYaml(text)).toThrow(/line \d|tabs/)
})
