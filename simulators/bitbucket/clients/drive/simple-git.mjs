// A developer's tool with `simple-git`: clones, commits on a branch and pushes it.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { failure, input, load, report } from './packages.mjs'

const { simpleGit } = load('simple-git')
const { web, mara, work } = input
const remote = (user, password) =>
  `${web.replace('://', `://${encodeURIComponent(user)}:${encodeURIComponent(password)}@`)}/meadow-goods/storefront-api.git`

const clone = join(work, 'clone')
await simpleGit(work).clone(remote('x-bitbucket-api-token-auth', mara.api_token), clone)
const git = simpleGit(clone)
await git.addConfig('user.name', mara.display_name).addConfig('user.email', mara.email)
await git.checkoutLocalBranch('client/pushed')
await writeFile(join(clone, 'NOTES.md'), '# Notes\n')
await git.add('NOTES.md')
const { commit } = await git.commit('Add notes')
const pushed = await git.push(['--set-upstream', 'origin', 'client/pushed'])
await git.addAnnotatedTag('client-1', 'First')
await git.pushTags('origin')

const shallow = join(work, 'shallow')
await simpleGit(work).clone(remote(mara.username, mara.api_token), shallow, {
  '--depth': 1,
  '--branch': 'client/pushed',
})
const { total } = await simpleGit(shallow).log()
const wrong = await failure(() => simpleGit(work).clone(remote(mara.username, 'wrong'), join(work, 'wrong')))
const dead = await failure(() => simpleGit(work).clone(remote(mara.username, input.appPassword), join(work, 'dead')))

report({
  commit: commit.length > 6,
  pushed: pushed.pushed.map((one) => [one.local, one.new]),
  total,
  wrong: /Authentication failed/.test(wrong.message),
  dead: dead.message.includes('410') || dead.message.includes('CHANGE-3222'),
})
