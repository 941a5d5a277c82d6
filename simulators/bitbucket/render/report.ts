import type { JsonObject } from '../../shared/json.ts'
import type { Annotation, Report } from '../model.ts'

export function renderReport(report: Report): JsonObject {
  return {
    type: 'report',
    uuid: report.uuid,
    external_id: report.externalId,
    ...report.fields,
    created_on: report.createdOn,
    updated_on: report.updatedOn,
  }
}

export function renderAnnotation(annotation: Annotation): JsonObject {
  return {
    type: 'report_annotation',
    uuid: annotation.uuid,
    external_id: annotation.externalId,
    ...annotation.fields,
    created_on: annotation.createdOn,
    updated_on: annotation.updatedOn,
  }
}
