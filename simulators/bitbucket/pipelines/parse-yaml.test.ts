import { expect, test } from 'vitest'
import { parseYaml } from './parse-yaml.ts'

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

test.each(['a: [1', 'a: "open', 'a: *nobody', 'a: 1\n  b: 2\n c: 3', '\ta: 1', 'a: 1\nnothing'])(
  'refuses %j',
  (text) => {
    expect(() => parseYaml(text)).toThrow(/line \d|tabs/)
  },
)
