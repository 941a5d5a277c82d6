import { describeConnecting } from './connecting.ts'

describeConnecting('2026')
