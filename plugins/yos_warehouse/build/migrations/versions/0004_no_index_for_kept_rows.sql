-- Foreign keys to the shared tables need no index: rows of those are never deleted (decision 8). Runs as role yos_owner.

drop index marts.fct_cohort_member_geography_key_idx;
drop index marts.fct_cohort_member_index_date_idx;
drop index marts.fct_ledger_posting_posting_date_idx;
drop index marts.fct_offence_offence_date_idx;
drop index marts.fct_order_geography_key_idx;
drop index marts.fct_order_start_date_idx;
drop index marts.fct_outcome_geography_key_idx;
drop index marts.fct_outcome_outcome_date_idx;
drop index marts.fct_eet_at_order_end_geography_key_idx;
drop index marts.fct_eet_at_order_end_order_end_date_idx;
