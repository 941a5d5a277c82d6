import * as contract from '../../../../contract/delivery/investment.ts'
import { getInvestment, getInvestmentRows } from '../../../usecases/delivery/investment/get-investment.ts'
import {
  getInvestmentSettings,
  tryInvestmentSettings,
  updateInvestmentSettings,
} from '../../../usecases/delivery/investment/investment-settings.ts'
import type { HttpContext } from '../../context.ts'
import { toAuditActor } from '../../principal.ts'
import { type BoundRoute, bind } from '../../route.ts'

export function investmentRoutes(context: HttpContext): BoundRoute[] {
  return [
    bind(contract.getInvestmentSettings, async ({ principal: { organizationId } }) =>
      getInvestmentSettings(context, { organizationId }),
    ),
    bind(contract.updateInvestmentSettings, async ({ body, principal, request }) =>
      updateInvestmentSettings(context, {
        organizationId: principal.organizationId,
        actor: toAuditActor(principal, request.ip),
        settings: body,
      }),
    ),
    bind(contract.tryInvestmentSettings, async ({ body, principal: { organizationId } }) =>
      tryInvestmentSettings(context, { organizationId, settings: body }),
    ),
    bind(contract.getInvestment, async ({ query, principal: { organizationId } }) =>
      getInvestment(context, { organizationId, ...query }),
    ),
    bind(contract.listInvestmentRows, async ({ query, principal: { organizationId } }) =>
      getInvestmentRows(context, { organizationId, ...query }),
    ),
  ]
}
