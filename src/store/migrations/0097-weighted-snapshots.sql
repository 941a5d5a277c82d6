-- How much each of the counted values weighs, in their order; null of a metric whose values all count alike.
alter table metric_snapshot add column weights float8[];
