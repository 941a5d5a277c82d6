// Runs `danger ci` as a step of Bitbucket Pipelines does, with the rules of a team, twice: the second run edits its comment.
import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { input, report } from './packages.mjs'

const run = promisify(execFile)
const dangerfile = (sentence) => `
const { bitbucket_cloud, git } = danger
message('Title: ' + bitbucket_cloud.pr.title)
message('Commits: ' + bitbucket_cloud.commits.length + ', files: ' + git.modified_files.length)
warn(${JSON.stringify(sentence)})
warn('On a line', git.modified_files[0], 1)
if (${JSON.stringify(sentence)} === 'Second look') fail('Not like this')
schedule(async () => {
  const text = await danger.bitbucket_cloud.api.getFileContents('package.json', bitbucket_cloud.pr.source.repository.full_name, 'main')
  message('Package: ' + JSON.parse(text).name)
})
`
const command = join(input.folder, 'node_modules/danger/distribution/commands/danger-ci.js')

async function danger(sentence) {
  await writeFile(join(input.work, 'dangerfile.js'), dangerfile(sentence))
  const env = {
    ...process.env,
    NODE_OPTIONS: `--import=${input.preload}`,
    CI: 'true',
    BITBUCKET_BUILD_NUMBER: '1',
    BITBUCKET_GIT_HTTP_ORIGIN: 'https://bitbucket.org/meadow-goods/storefront-api',
    BITBUCKET_REPO_OWNER: 'meadow-goods',
    BITBUCKET_REPO_SLUG: 'storefront-api',
    BITBUCKET_REPO_FULL_NAME: 'meadow-goods/storefront-api',
    BITBUCKET_PR_ID: '4',
    DANGER_BITBUCKETCLOUD_OAUTH_KEY: input.consumer.key,
    DANGER_BITBUCKETCLOUD_OAUTH_SECRET: input.consumer.secret,
  }
  try {
    const { stdout } = await run(process.execPath, [command], { cwd: input.work, env })
    return { code: 0, said: stdout }
  } catch (error) {
    return { code: error.code, said: `${error.stdout}${error.stderr}` }
  }
}

report([await danger('First look'), await danger('Second look')])
