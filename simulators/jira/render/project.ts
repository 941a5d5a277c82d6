import type { JsonObject } from '../../shared/json.ts'
import type { IssueType, Named, Priority, Project, Status, StatusCategory } from '../model.ts'
import { renderAvatars, renderPerson } from './person.ts'
import { type Place, self } from './place.ts'

const categories: Record<StatusCategory, { id: number; colorName: string; name: string }> = {
  new: { id: 2, colorName: 'blue-gray', name: 'To Do' },
  indeterminate: { id: 4, colorName: 'yellow', name: 'In Progress' },
  done: { id: 3, colorName: 'green', name: 'Done' },
}

export const categoryKeys: StatusCategory[] = ['new', 'indeterminate', 'done']

export function renderCategory(place: Place, key: StatusCategory): JsonObject {
  const { id, colorName, name } = categories[key]
  return { self: self(place, `statuscategory/${id}`), id, key, colorName, name }
}

export function renderStatus(place: Place, status: Status): JsonObject {
  return {
    self: self(place, `status/${status.id}`),
    description: status.description,
    iconUrl: `${place.sim.url}/_web/icon.svg`,
    name: status.name,
    id: status.id,
    statusCategory: renderCategory(place, status.category),
  }
}

export function renderType(place: Place, type: IssueType): JsonObject {
  return {
    self: self(place, `issuetype/${type.id}`),
    id: type.id,
    description: type.description,
    iconUrl: `${place.sim.url}/_web/icon.svg`,
    name: type.name,
    untranslatedName: type.name,
    subtask: false,
    hierarchyLevel: 0,
  }
}

export function renderPriority(place: Place, priority: Priority): JsonObject {
  return {
    self: self(place, `priority/${priority.id}`),
    statusColor: priority.statusColor,
    description: priority.description,
    iconUrl: `${place.sim.url}/_web/icon.svg`,
    name: priority.name,
    id: priority.id,
    isDefault: priority.name === 'Medium',
  }
}

export function renderResolution(place: Place, resolution: Named): JsonObject {
  const { id, name, description } = resolution
  return { self: self(place, `resolution/${id}`), id, description, name }
}

/** A project as issues name it. */
export function renderProjectStub(place: Place, project: Project): JsonObject {
  return {
    self: self(place, `project/${project.id}`),
    id: project.id,
    key: project.key,
    name: project.name,
    projectTypeKey: 'software',
    simplified: false,
    avatarUrls: renderAvatars(place, project.key),
  }
}

export function renderProject(place: Place, project: Project): JsonObject {
  return {
    expand: 'description,lead,issueTypes,url,projectKeys,permissions,insight',
    ...renderProjectStub(place, project),
    description: project.description,
    lead: renderPerson(place, project.lead),
    issueTypes: project.issueTypes.map((type) => renderType(place, type)),
    assigneeType: 'UNASSIGNED',
    components: [],
    versions: [],
    roles: {},
    style: 'classic',
    isPrivate: !project.isOpen,
    properties: {},
    entityId: project.uuid,
    uuid: project.uuid,
  }
}
