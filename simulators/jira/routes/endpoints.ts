import type { Endpoint } from '../call.ts'
import { commentEndpoints } from './comments.ts'
import { hookEndpoints } from './hooks.ts'
import { issueEndpoints } from './issues.ts'
import { peopleEndpoints } from './people.ts'
import { projectEndpoints } from './projects.ts'
import { propertyEndpoints } from './properties.ts'
import { searchEndpoints } from './search.ts'
import { transitionEndpoints } from './transitions.ts'

export const endpoints: Endpoint[] = [
  ...peopleEndpoints,
  ...projectEndpoints,
  ...issueEndpoints,
  ...commentEndpoints,
  ...transitionEndpoints,
  ...propertyEndpoints,
  ...searchEndpoints,
  ...hookEndpoints,
]
