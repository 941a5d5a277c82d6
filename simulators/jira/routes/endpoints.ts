import type { Endpoint } from '../call.ts'
import { version2Of } from '../version-2.ts'
import { attachmentEndpoints } from './attachments.ts'
import { commentEndpoints } from './comments.ts'
import { hookEndpoints } from './hooks.ts'
import { issueEndpoints } from './issues.ts'
import { peopleEndpoints } from './people.ts'
import { projectEndpoints } from './projects.ts'
import { propertyEndpoints } from './properties.ts'
import { searchEndpoints } from './search.ts'
import { transitionEndpoints } from './transitions.ts'

const version3: Endpoint[] = [
  ...peopleEndpoints,
  ...projectEndpoints,
  ...issueEndpoints,
  ...commentEndpoints,
  ...attachmentEndpoints,
  ...transitionEndpoints,
  ...propertyEndpoints,
  ...searchEndpoints,
]

export const endpoints: Endpoint[] = [...version3, ...version2Of(version3), ...hookEndpoints]
