import type { Person, Repository, Workspace } from '../model.ts'
import { newProjectAdministration } from '../operations/new-administration.ts'
import { newRepository } from '../operations/new-repository.ts'
import type { RecordReader, RecordWriter } from './record.ts'

const personKinds = ['user', 'app_user'] as const
const roles = ['owner', 'create-project', 'collaborator', 'member'] as const
const permissions = ['none', 'read', 'write', 'admin'] as const
const environmentTypes = ['Test', 'Staging', 'Production'] as const

export function writePerson(to: RecordWriter, one: Person): void {
  to.add(
    'person',
    one.kind,
    one.uuid,
    one.accountId,
    one.username,
    one.displayName,
    one.email,
    one.password,
    one.role,
    one.createdOn,
  )
  to.endRecord()
}

export function readPerson(from: RecordReader): Person {
  return {
    kind: from.word(personKinds),
    uuid: from.text(),
    accountId: from.text(),
    username: from.text(),
    displayName: from.text(),
    email: from.text(),
    password: from.text(),
    role: from.text(),
    createdOn: from.text(),
  }
}

export function writeWorkspace(to: RecordWriter, one: Workspace): void {
  to.add('workspace', one.uuid, one.slug, one.name, one.createdOn)
  to.list(one.members, ({ person, role }) => {
    to.person(person)
    to.add(role)
  })
  to.list(one.projects, (project) => {
    const { uuid, key, name, description, isPrivate, createdOn, updatedOn } = project
    to.add(uuid, key, name, description, isPrivate, createdOn, updatedOn)
  })
  to.endRecord()
}

export function readWorkspace(from: RecordReader): Workspace {
  return {
    uuid: from.text(),
    slug: from.text(),
    name: from.text(),
    createdOn: from.text(),
    members: from.list(() => ({ person: from.person(), role: from.word(roles) })),
    projects: from.list(() => ({
      uuid: from.text(),
      key: from.text(),
      name: from.text(),
      description: from.text(),
      isPrivate: from.flag(),
      createdOn: from.text(),
      updatedOn: from.text(),
      ...newProjectAdministration(),
    })),
    groups: [],
  }
}

export function writeRepository(to: RecordWriter, one: Repository, packedRefs: string): void {
  to.add(one.uuid, one.slug, one.name, one.description, one.project.key, one.isPrivate, one.language, one.size)
  to.add(one.createdOn, one.updatedOn, packedRefs)
  to.list([...one.permissions], ([uuid, permission]) => to.add(uuid, permission))
  to.list(one.environments, ({ uuid, name, slug, type }) => to.add(uuid, name, slug, type))
  to.endRecord()
}

/** An empty repository as the file describes it, with the branches and tags its git is to have. */
export function readRepository(
  from: RecordReader,
  at: { workspace: Workspace; directoryOf: (slug: string) => string },
): { repository: Repository; packedRefs: string } {
  const [uuid, slug, name, description, key] = [from.text(), from.text(), from.text(), from.text(), from.text()]
  const project = at.workspace.projects.find((one) => one.key === key)
  if (project === undefined) throw new Error(`there is no project ${key}`)
  const more = { description, isPrivate: from.flag(), language: from.text(), size: from.number() }
  const [createdOn, updatedOn, packedRefs] = [from.text(), from.text(), from.text()]
  const repository = newRepository(
    { uuid, slug, name, workspace: at.workspace, project, createdOn, directory: at.directoryOf(slug) },
    {
      ...more,
      updatedOn,
      permissions: new Map(from.list(() => [from.text(), from.word(permissions)] as const)),
      environments: from.list(() => ({
        uuid: from.text(),
        name: from.text(),
        slug: from.text(),
        type: from.word(environmentTypes),
        hidden: false,
      })),
    },
  )
  return { repository, packedRefs }
}
