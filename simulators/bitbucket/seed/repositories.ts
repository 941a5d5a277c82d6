import { invoiceService } from './invoice-service.ts'
import { ledgerCore } from './ledger-core.ts'
import { platformInfra } from './platform-infra.ts'
import type { SeedRepository } from './seed-repository.ts'
import { storefrontApi } from './storefront-api.ts'

export const seedRepositories: SeedRepository[] = [storefrontApi, invoiceService, ledgerCore, platformInfra]
