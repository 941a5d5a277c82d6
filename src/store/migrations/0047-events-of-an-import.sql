-- What an import brought is told outside at its end, in one go.
create index vulnerability_event_import on vulnerability_event (organization_id, import_id, created_at) where import_id is not null;
