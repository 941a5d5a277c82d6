import type { Db } from '../src/store/db.ts'
import type { Fixture } from './tenant-fixture.ts'

export type PeopleKind =
  | 'merged_contributor'
  | 'contributor_merge'
  | 'merge_upload'
  | 'bot_pattern'
  | 'team'
  | 'team_member'
  | 'pull_request'
  | 'public_link'
  | 'working_agreement'
  | 'figure_exclusion'

export function newPeopleIds(newId: () => string): Record<PeopleKind, string> {
  return {
    merged_contributor: newId(),
    contributor_merge: newId(),
    merge_upload: newId(),
    bot_pattern: newId(),
    team: newId(),
    team_member: newId(),
    pull_request: newId(),
    public_link: newId(),
    working_agreement: newId(),
    figure_exclusion: newId(),
  }
}

/** Two accounts of one person, and what calls a program one. */
export async function fillPeople(
  db: Db,
  { organizationId: organization_id, mark, at }: Fixture,
  ids: Record<PeopleKind | 'contributor' | 'repository', string>,
): Promise<void> {
  const address = `${mark}@commits.example`
  await db
    .insertInto('public_link')
    .values({
      organization_id,
      id: ids.public_link,
      name: `${mark} link`,
      token_hash: mark,
      metric_group: 'dora',
      days: 90,
      time_zone: 'UTC',
      shows_titles: true,
      created_by: `${mark} member`,
      created_at: at,
      expires_at: new Date(at.getTime() + 90 * 24 * 3600_000),
    })
    .execute()
  await db
    .insertInto('contributor')
    .values({
      organization_id,
      id: ids.merged_contributor,
      kind: 'git',
      remote_id: address,
      email: address,
      display_name: `${mark} author`,
      merged_into: ids.contributor,
      first_seen_at: at,
      last_seen_at: at,
    })
    .execute()
  await db
    .insertInto('contributor_email')
    .values({ organization_id, address, contributor_id: ids.merged_contributor, source: 'commit', created_at: at })
    .execute()
  await db
    .insertInto('contributor_merge')
    .values({
      organization_id,
      id: ids.contributor_merge,
      from_id: ids.merged_contributor,
      into_id: ids.contributor,
      source: 'file',
      batch_id: ids.merge_upload,
      made_by: `${mark} member`,
      made_at: at,
    })
    .execute()
  await db
    .insertInto('bot_pattern')
    .values({
      organization_id,
      id: ids.bot_pattern,
      field: 'name',
      pattern: `${mark}-*`,
      like_pattern: `${mark}-%`,
      created_by: `${mark} member`,
      created_at: at,
    })
    .execute()
  await db
    .insertInto('figure_exclusion')
    .values({
      organization_id,
      id: ids.figure_exclusion,
      label: `${mark} label`,
      reason: `${mark} reason`,
      member_name: `${mark} member`,
      created_at: at,
    })
    .execute()
  const team = { organization_id, id: ids.team, name: `${mark} team`, created_at: at, updated_at: at }
  await db.insertInto('team').values(team).execute()
  await db
    .insertInto('working_agreement')
    .values({
      organization_id,
      id: ids.working_agreement,
      team_id: ids.team,
      kind: 'linked_key',
      is_on: true,
      created_at: at,
      updated_at: at,
    })
    .execute()
  await db
    .insertInto('team_holiday')
    .values({ organization_id, team_id: ids.team, day: '2026-12-25', name: `${mark} day` })
    .execute()
  const pullRequest = { organization_id, id: ids.pull_request, repository_id: ids.repository, remote_id: 1 }
  await db
    .insertInto('pull_request')
    .values({ ...pullRequest, title: `${mark} change`, state: 'open', opened_at: at, remote_updated_at: at })
    .execute()
  await db
    .insertInto('label_rule')
    .values({
      organization_id,
      id: ids.pull_request,
      label: `${mark} label`,
      field: 'title',
      pattern: `${mark}*`,
      like_pattern: `${mark}%`,
      created_at: at,
    })
    .execute()
  await db
    .insertInto('team_member')
    .values({
      organization_id,
      id: ids.team_member,
      team_id: ids.team,
      contributor_id: ids.contributor,
      role: 'member',
      created_at: at,
    })
    .execute()
}
