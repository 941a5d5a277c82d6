import { expect, test } from 'vitest'
import { isSecretRule } from './secret-rule.ts'

const of = (ruleId: string, tag: string): boolean => isSecretRule({ scanner: 'Lantern', ruleId, tags: [tag], cwes: [] })

test.each(['hardcoded_password_string', 'hardcoded-token', 'hard-coded credentials'])('%s finds secrets', (tag) => {
  expect(of('L105', tag)).toBe(true)
})

test.each([
  'hardcoded_sql_expressions',
  'hardcoded_bind_all_interfaces',
  'hardcoded_tmp_directory',
  'hardcoded-http-url',
])('%s finds none, so that an edited line is known again by its words', (tag) => expect(of('L608', tag)).toBe(false))
