/** Folders in which build machines check a repository out; what follows is the path people know. */
const checkouts = [
  /^\/github\/workspace\//,
  /^\/home\/runner\/work\/[^/]+\/[^/]+\//,
  /^\/__w\/[^/]+\/[^/]+\//,
  /^\/opt\/atlassian\/(?:pipelines|bitbucketci)\/agent\/build\//,
  /^\/builds\/[^/]+\/[^/]+\//,
  /^\/var\/(?:lib\/)?jenkins(?:_home)?\/workspace\/[^/]+\//,
  /^\/home\/vsts\/work\/\d+\/s\//,
  /^[A-Za-z]:\/a\/[^/]+\/[^/]+\//,
  /^\/(?:src|code|workspace|repo|project|scan)\//,
]

/**
 * One spelling for the path of a file in a repository: forward slashes, no `./`, no `..` that can be resolved, no
 * checkout folder in front, no slash at either end. Paths of other trees keep their full length, without the first slash.
 */
export function normalisePath(path: string): string {
  const slashed = path.trim().replaceAll('\\', '/')
  const checkout = checkouts.find((pattern) => pattern.test(slashed))
  const inside = checkout === undefined ? slashed : slashed.replace(checkout, '')
  const steps: string[] = []
  for (const step of inside.split('/')) {
    if (step === '' || step === '.') continue
    if (step === '..' && steps.length > 0 && steps.at(-1) !== '..') steps.pop()
    else steps.push(step)
  }
  return steps.join('/')
}
