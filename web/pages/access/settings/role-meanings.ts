import type { Role } from '../../../../src/domain/permissions.ts'

export const roleMeanings: Record<Role, string> = {
  admin: 'Administrator: everything, with connections and members',
  champion: 'Champion: triages, decides, sends to developers',
  developer: 'Developer: reads, writes messages, moves work on',
  viewer: 'Viewer: reads',
}
