/** Words that begin the passwords of leaked lists; repeated, doubled or followed by digits they are still the same idea. */
const commonWords = [
  'password',
  'passwort',
  'passw0rd',
  'p@ssword',
  'p@ssw0rd',
  'pa$$word',
  'motdepasse',
  'contrasena',
  'welcome',
  'willkommen',
  'bienvenue',
  'administrator',
  'admin',
  'root',
  'superuser',
  'letmein',
  'trustno',
  'iloveyou',
  'loveyou',
  'sunshine',
  'princess',
  'dragon',
  'monkey',
  'football',
  'baseball',
  'basketball',
  'superman',
  'batman',
  'master',
  'shadow',
  'michael',
  'jennifer',
  'jordan',
  'charlie',
  'michelle',
  'jessica',
  'ashley',
  'daniel',
  'computer',
  'internet',
  'samsung',
  'starwars',
  'pokemon',
  'whatever',
  'freedom',
  'secret',
  'hello',
  'helloworld',
  'changeme',
  'changeit',
  'default',
  'temporary',
  'testing',
  'test',
  'guest',
  'user',
  'login',
  'access',
  'security',
  'company',
  'summer',
  'winter',
  'spring',
  'autumn',
  'january',
  'february',
  'monday',
  'friday',
  'london',
  'berlin',
  'weir',
  'bitbucket',
  'atlassian',
  'jira',
  'developer',
  'vulnerability',
  'correcthorsebatterystaple',
  'thequickbrownfox',
  'opensesame',
  'abracadabra',
  'qwerty',
  'qwertz',
  'azerty',
  'qwertyuiop',
  'qwertzuiop',
  'azertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  'qazwsx',
  'qazwsxedc',
  '1qaz2wsx',
  '1q2w3e4r',
  '1q2w3e4r5t',
  '1q2w3e4r5t6y',
  'q1w2e3r4',
  'zaq12wsx',
  'abc',
  'abcd',
  'abcdef',
  'abcdefgh',
  'abcdefghijkl',
  'abc123',
  'a1b2c3',
  'a1b2c3d4',
  'aa',
  'xx',
] as const

const lines = [
  'qwertyuiopasdfghjklzxcvbnm',
  'qwertzuiopasdfghjklyxcvbnm',
  'azertyuiopqsdfghjklmwxcvbn',
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890123456789',
]
const shortestLength = 12

/** What is wrong with a new password, as the end of the sentence "The password …"; undefined when it will do. */
export function judgePassword(password: string, email: string): string | undefined {
  if (password.length < shortestLength) return `needs at least ${shortestLength} characters`
  const plain = password.toLowerCase()
  if (new Set(plain).size < 4) return 'repeats too few different characters'
  const [account = ''] = email.toLowerCase().split('@')
  if (plain === email.toLowerCase() || (account.length > 3 && strip(plain) === strip(account)))
    return 'must not be the e-mail address'
  if (lines.some((line) => isRun(plain, line))) return 'is a row of the keyboard or the alphabet'
  if (isCommon(plain)) return 'is one of the most common ones'
  return undefined
}

/** Without the digits and signs people put at either end. */
function strip(text: string): string {
  return text.replace(/^[^a-z@$]+/, '').replace(/[^a-z]+$/, '')
}

function isCommon(plain: string): boolean {
  const core = strip(plain)
  return commonWords.some((word) => {
    const parts = core === '' ? plain : core
    return isRepeated(parts, word) || isRepeated(plain, word) || plain.replace(/[\d!?.@#$%&*_-]+$/, '') === word
  })
}

function isRepeated(text: string, word: string): boolean {
  return text.length >= word.length && word.repeat(Math.ceil(text.length / word.length)).slice(0, text.length) === text
}

function isRun(plain: string, line: string): boolean {
  const endless = line.repeat(3)
  return endless.includes(plain) || [...endless].toReversed().join('').includes(plain)
}
