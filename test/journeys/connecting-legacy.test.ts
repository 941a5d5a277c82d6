import { describeConnecting } from './connecting.ts'

describeConnecting('legacy')
