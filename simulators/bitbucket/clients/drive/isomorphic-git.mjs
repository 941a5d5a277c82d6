// A tool with `isomorphic-git`, which speaks git's protocol by itself: clones, pushes a branch and a tag, removes them.
import fs from 'node:fs'
import { join } from 'node:path'
import { failure, input, load, report } from './packages.mjs'

const git = load('isomorphic-git')
const http = load('isomorphic-git/http/node')
const { mara, work } = input
const onAuth = () => ({ username: 'x-bitbucket-api-token-auth', password: mara.api_token })
const url = 'https://bitbucket.org/meadow-goods/ledger-core.git'
const dir = join(work, 'isomorphic')
const there = { fs, http, dir, onAuth }

await git.clone({ ...there, url })
const shallow = join(work, 'isomorphic-shallow')
await git.clone({ ...there, dir: shallow, url, depth: 1, singleBranch: true })

await git.branch({ fs, dir, ref: 'client/isomorphic', checkout: true })
fs.writeFileSync(join(dir, 'NOTES.md'), '# Notes\n')
await git.add({ fs, dir, filepath: 'NOTES.md' })
await git.commit({ fs, dir, message: 'Add notes', author: { name: mara.display_name, email: mara.email } })
const branch = await git.push({ ...there, ref: 'client/isomorphic' })
await git.tag({ fs, dir, ref: 'isomorphic-1' })
await git.push({ ...there, ref: 'isomorphic-1' })
const refs = async (prefix) => (await git.listServerRefs({ http, url, onAuth, prefix })).map((one) => one.ref)
const pushed = [await refs('refs/heads/client/'), await refs('refs/tags/isomorphic')]
await git.push({ ...there, ref: 'client/isomorphic', remoteRef: 'client/isomorphic', delete: true })
const nobody = await failure(() => git.listServerRefs({ http, url }))

report({
  whole: (await git.log({ fs, dir })).length > 3,
  shallow: (await git.log({ fs, dir: shallow })).length,
  branch: branch.refs['refs/heads/client/isomorphic'],
  pushed,
  left: await refs('refs/heads/client/'),
  nobody: nobody.data.statusCode,
})
