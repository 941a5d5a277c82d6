import type { PlainVariable } from '../model/pipelines.ts'

interface LoggedStep {
  refName: string
  hash: string
  image: string
  script: string[]
  variables: PlainVariable[]
}

/** `$NAME` and `${NAME}` as the shell would put them in; secured values stay hidden. */
function expand(text: string, variables: PlainVariable[]): string {
  return text.replace(/\$(?:\{(\w+)\}|(\w+))/g, (_all, braced: string | undefined, bare: string | undefined) => {
    const name = braced ?? bare ?? ''
    const found = variables.findLast((one) => one.key === name)
    if (found === undefined) return ''
    return found.secured ? `$${name}` : found.value
  })
}

/** What a command of the script prints. Nothing is executed: only `echo` says something. */
function outputOf(command: string, variables: PlainVariable[]): string {
  return command
    .split('\n')
    .map((line) => /^\s*echo\s+(.*)$/.exec(line)?.[1])
    .filter((said) => said !== undefined)
    .map((said) => `${expand(said.replace(/^(["'])(.*)\1$/, '$2'), variables)}\n`)
    .join('')
}

/** A command that fails by itself: `false`, or `exit` with something other than 0. */
export function fails(command: string): boolean {
  return command.split('\n').some((line) => /^\s*(false|exit\s+[1-9]\d*)\s*$/.test(line))
}

/** The log of a step when it has started. */
export function logStart(step: LoggedStep): string {
  return `+ umask 000

+ GIT_LFS_SKIP_SMUDGE=1 retry 6 git clone --branch="${step.refName}" --depth 50 https://x-token-auth:$REPOSITORY_OAUTH_ACCESS_TOKEN@bitbucket.org/$BITBUCKET_REPO_FULL_NAME.git $BUILD_DIR
Cloning into '/opt/atlassian/pipelines/agent/build'...

+ git reset --hard ${step.hash}
HEAD is now at ${step.hash.slice(0, 7)}

Images used:
    build : ${step.image}
`
}

/** The rest of it. A failing step stops at the command that fails, or at its last one. */
export function logRest(step: LoggedStep, result: string): string {
  const failing = step.script.findIndex(fails)
  const ran = failing === -1 ? step.script : step.script.slice(0, failing + 1)
  const commands = ran.map((command) => `+ ${command.trimEnd()}\n${outputOf(command, step.variables)}\n`).join('')
  const end = {
    SUCCESSFUL: 'Build teardown',
    STOPPED: 'Build stopped',
    EXPIRED: 'Exceeded build time limit',
  }[result]
  return `${commands}${end ?? 'Searching for test report files in directories named [test-results, failsafe-reports]\nThe step failed'}\n`
}
