import * as contributors from '../../../../contract/access/contributors.ts'
import * as patterns from '../../../../contract/delivery/bot-patterns.ts'
import * as merges from '../../../../contract/delivery/contributor-merges.ts'
import * as settings from '../../../../contract/delivery/people-settings.ts'
import { addAddress, listAddresses } from '../../../usecases/delivery/people/addresses.ts'
import { anonymiseContributor } from '../../../usecases/delivery/people/anonymise-contributor.ts'
import {
  createBotPattern,
  deleteBotPattern,
  listBotPatterns,
  tryBotPattern,
} from '../../../usecases/delivery/people/bot-patterns.ts'
import { importMerges } from '../../../usecases/delivery/people/import-merges.ts'
import {
  keepContributorsApart,
  listContributorMerges,
  mergeContributors,
  suggestMerges,
  undoMerges,
} from '../../../usecases/delivery/people/merge-contributors.ts'
import { getPeopleSettings, updatePeopleSettings } from '../../../usecases/delivery/people/people-settings.ts'
import type { HttpContext } from '../../context.ts'
import { type Principal, toAuditActor } from '../../principal.ts'
import { type BoundRoute, bind } from '../../route.ts'

function askedBy(principal: Principal, request: { ip: string }) {
  return { organizationId: principal.organizationId, actor: toAuditActor(principal, request.ip) }
}

export function peopleRoutes(context: HttpContext): BoundRoute[] {
  return [...mergeRoutes(context), ...patternRoutes(context), ...settingsRoutes(context)]
}

function mergeRoutes(context: HttpContext): BoundRoute[] {
  return [
    bind(merges.listMergeSuggestions, async ({ principal: { organizationId } }) =>
      suggestMerges(context, { organizationId }),
    ),
    bind(merges.listContributorMerges, async ({ query, principal: { organizationId } }) =>
      listContributorMerges(context, { organizationId, ...query }),
    ),
    bind(merges.mergeContributors, async ({ body, principal, request }) =>
      mergeContributors(context, {
        ...askedBy(principal, request),
        merges: body.merges,
        source: body.source ?? 'person',
      }),
    ),
    bind(merges.importContributorMerges, async ({ body, principal, request }) =>
      importMerges(context, { ...askedBy(principal, request), csv: body.csv, isDryRun: body.dry_run }),
    ),
    bind(merges.undoContributorMerge, async ({ params, principal, request }) =>
      undoMerges(context, { ...askedBy(principal, request), id: params.id }),
    ),
    bind(merges.undoMergeUpload, async ({ params, principal, request }) =>
      undoMerges(context, { ...askedBy(principal, request), batchId: params.id }),
    ),
    bind(contributors.anonymiseContributor, async ({ params, body, principal, request }) =>
      anonymiseContributor(context, { ...askedBy(principal, request), id: params.id, confirm: body.confirm }),
    ),
    bind(contributors.listContributorAddresses, async ({ params, principal: { organizationId } }) =>
      listAddresses(context, { organizationId, id: params.id }),
    ),
    bind(contributors.addContributorAddress, async ({ params, body, principal, request }) =>
      addAddress(context, { ...askedBy(principal, request), id: params.id, address: body.address }),
    ),
    bind(merges.keepContributorsApart, async ({ body, principal: { organizationId } }) =>
      keepContributorsApart(context, { organizationId, ids: [body.one_id, body.other_id] }),
    ),
  ]
}

function patternRoutes(context: HttpContext): BoundRoute[] {
  return [
    bind(patterns.listBotPatterns, async ({ principal: { organizationId } }) =>
      listBotPatterns(context, { organizationId }),
    ),
    bind(patterns.tryBotPattern, async ({ body, principal: { organizationId } }) =>
      tryBotPattern(context, { organizationId, ...body }),
    ),
    bind(patterns.createBotPattern, async ({ body, principal, request }) =>
      createBotPattern(context, { ...askedBy(principal, request), ...body }),
    ),
    bind(patterns.deleteBotPattern, async ({ params, principal, request }) =>
      deleteBotPattern(context, { ...askedBy(principal, request), id: params.id }),
    ),
  ]
}

function settingsRoutes(context: HttpContext): BoundRoute[] {
  return [
    bind(settings.getPeopleSettings, async ({ principal: { organizationId } }) =>
      getPeopleSettings(context, { organizationId }),
    ),
    bind(settings.updatePeopleSettings, async ({ body, principal, request }) =>
      updatePeopleSettings(context, { ...askedBy(principal, request), settings: body }),
    ),
  ]
}
