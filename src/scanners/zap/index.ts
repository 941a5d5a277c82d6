import { jsonOrXml } from '../json-or-xml.ts'
import { zapJson } from './json.ts'
import { zapXml } from './xml.ts'

/** ZAP's traditional reports in JSON and XML, "plus" or not: https://www.zaproxy.org/docs/desktop/addons/report-generation/ */
export const zap = jsonOrXml(zapJson, zapXml)
