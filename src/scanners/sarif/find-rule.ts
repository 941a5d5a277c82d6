import { isObject, type JsonObject, readObject, readText, readWhole } from '../json-fields.ts'
import type { SarifRule } from './rule.ts'
import type { Component, SarifRun } from './run.ts'

/** The rule of a result and its id, by `rule` or `ruleIndex` and `ruleId` (§3.27.5 to §3.27.7), in the driver or an extension. */
export function findRule(result: JsonObject, run: SarifRun): { id: string; rule: SarifRule | undefined } {
  const reference = readObject(result['rule'])
  const id = readText(result['ruleId']) ?? readText(reference['id'])
  const index = readWhole(reference['index']) ?? readWhole(result['ruleIndex'])
  const component = findComponent(reference['toolComponent'], run)
  const byIndex = index === undefined ? undefined : component.rules[index]
  if (byIndex !== undefined && (id === undefined || isSameRule(id, byIndex.id)))
    return { id: id ?? byIndex.id, rule: byIndex }
  if (id === undefined) return { id: '', rule: undefined }
  return { id, rule: findById(id, [component, run.driver, ...run.extensions]) }
}

/** A result may name a part of a rule: `CA1000/1` belongs to `CA1000` (§3.52.4). */
function isSameRule(id: string, ruleId: string): boolean {
  return id === ruleId || id.startsWith(`${ruleId}/`)
}

function findComponent(reference: unknown, run: SarifRun): Component {
  if (!isObject(reference)) return run.driver
  const index = readWhole(reference['index'])
  const guid = readText(reference['guid'])
  const name = readText(reference['name'])
  const all = run.extensions.filter((component) => component !== undefined)
  return (
    (index === undefined ? undefined : run.extensions[index]) ??
    all.find((component) => guid !== undefined && component.guid === guid) ??
    all.find((component) => name !== undefined && component.name === name) ??
    run.driver
  )
}

function findById(id: string, components: readonly (Component | undefined)[]): SarifRule | undefined {
  for (let name = id; name !== ''; name = name.slice(0, Math.max(0, name.lastIndexOf('/')))) {
    for (const component of components) {
      const rule = component?.rulesById.get(name)
      if (rule !== undefined) return rule
    }
  }
  return undefined
}
