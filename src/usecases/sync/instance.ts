import { getInstance } from '../../store/access/instance.ts'
import type { Db } from '../../store/db.ts'

/** Short name of this installation in markers: 12 hexadecimal digits, so that two Weirs on one repository know their own. */
export async function readInstance(db: Db): Promise<string> {
  const { instanceId } = await getInstance(db)
  return instanceId.replaceAll('-', '').slice(-12)
}
