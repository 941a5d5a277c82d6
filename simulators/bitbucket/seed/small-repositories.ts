import type { SeedRepository } from './seed-repository.ts'

const first = [
  'amber',
  'birch',
  'cedar',
  'delta',
  'ember',
  'fjord',
  'grove',
  'heron',
  'iris',
  'juniper',
  'kelp',
  'lark',
  'maple',
  'nectar',
  'olive',
  'pine',
]
const second = [
  'worker',
  'gateway',
  'mailer',
  'reports',
  'search',
  'pricing',
  'tools',
  'admin',
  'sync',
  'catalog',
  'feeds',
  'labels',
  'stock',
  'survey',
  'notes',
  'cron',
]

/** Different names, always in the same order. */
export function smallRepositoryNames(count: number): string[] {
  return Array.from({ length: count }, (_nothing, index) => {
    const name = `${first[index % first.length] ?? ''}-${second[Math.floor(index / first.length) % second.length] ?? ''}`
    const round = Math.floor(index / (first.length * second.length))
    return round === 0 ? name : `${name}-${round + 1}`
  })
}

export function smallRepository(slug: string): SeedRepository {
  return {
    slug,
    name: slug,
    projectKey: 'LABS',
    language: 'javascript',
    description: '',
    hasIssues: true,
    isPrivate: true,
    commits: [
      {
        branch: 'main',
        author: 'yuki',
        daysAgo: 80,
        message: 'Start',
        files: { 'README.md': '# A small service\n', 'index.js': "console.log('hello')\n" },
      },
      {
        branch: 'main',
        author: 'tomas',
        daysAgo: 40,
        message: 'Greet by name',
        edits: { 'index.js': [["'hello'", "'hello ' + process.argv[2]"]] },
      },
    ],
    pullRequests: [],
    places: [],
  }
}
