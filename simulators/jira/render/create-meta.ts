import type { Json, JsonObject } from '../../shared/json.ts'
import type { IssueType, Project } from '../model.ts'
import { customSchema, systemFields } from './field-list.ts'
import { type Place, self } from './place.ts'
import { renderPriority, renderProjectStub, renderType } from './project.ts'

interface Meta {
  id: string
  name: string
  schema: JsonObject
  required: boolean
  operations: string[]
  hasDefaultValue?: boolean
  allowedValues?: Json[]
}

function toJson(meta: Meta): JsonObject {
  const { id, ...rest } = meta
  return { hasDefaultValue: false, ...rest, key: id, fieldId: id }
}

function ofSystem(id: string, rest: Partial<Meta> = {}): Meta {
  const field = systemFields.find((one) => one.id === id)
  if (field === undefined) throw new Error(`there is no field ${id}`)
  return { id, name: field.name, schema: field.schema, required: false, operations: ['set'], ...rest }
}

function linkOption(place: Place, option: { id: string; value: string }): JsonObject {
  return { self: self(place, `customFieldOption/${option.id}`), ...option }
}

/** The fields of a project's create screen, as createmeta lists them. */
export function createMetaFields(place: Place, project: Project, type: IssueType): JsonObject[] {
  const { sim } = place
  const system = [
    ofSystem('summary', { required: true }),
    ofSystem('issuetype', { required: true, operations: [], allowedValues: [renderType(place, type)] }),
    ofSystem('project', { required: true, allowedValues: [renderProjectStub(place, project)] }),
    ofSystem('description'),
    ofSystem('priority', {
      hasDefaultValue: true,
      allowedValues: sim.priorities.map((one) => renderPriority(place, one)),
    }),
    ofSystem('labels', { operations: ['add', 'set', 'remove'] }),
    ofSystem('assignee'),
    ofSystem('reporter', { hasDefaultValue: true }),
    ofSystem('duedate'),
  ]
  const custom = project.customFields.map(({ field, isRequired }): Meta => {
    const options = field.options.map(({ children, ...one }) => ({
      ...linkOption(place, one),
      ...(children === undefined ? {} : { children: children.map((child) => linkOption(place, child)) }),
    }))
    return {
      id: field.id,
      name: field.name,
      schema: customSchema(field),
      required: isRequired,
      operations: field.kind === 'labels' || field.kind === 'choices' ? ['add', 'set', 'remove'] : ['set'],
      ...(options.length > 0 ? { allowedValues: options } : {}),
    }
  })
  return [...system, ...custom].map(toJson)
}
