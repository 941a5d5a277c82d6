-- Why a bulk change was stopped, where nobody stopped it: whoever asked for it may no longer do it.
alter table bulk_change add column stop_reason text;
