-- Runs as role yos_owner. Where each row held back stands in its file is in the tables of quarantine, which follow the contracts.

create table ops.control_total (
    load_id bigint not null references ops.load,
    entity text not null,
    column_name text not null,
    declared_gbp numeric,             -- what the manifest vouches for; null: nothing
    file_gbp numeric not null,        -- all rows whose amount can be read
    accepted_gbp numeric not null,    -- let in, each record once
    repeated_gbp numeric not null,    -- further identical copies of a row let in
    held_back_gbp numeric not null,   -- in quarantine, as it stands there
    unread_rows bigint not null,      -- rows whose amount cannot be read; then the manifest's total cannot be compared
    primary key (load_id, entity, column_name),
    constraint every_penny_is_accounted_for check (accepted_gbp + repeated_gbp + held_back_gbp = file_gbp),
    constraint the_manifest_agrees check (declared_gbp = file_gbp or unread_rows > 0)
);
comment on table ops.control_total is 'Sums of a load: what the file says is what was let in, what was repeated and what was held back.';
grant select, insert on ops.control_total to yos_loader;
grant select on ops.control_total to yos_identity, yos_transformer, yos_publisher, yos_auditor;

-- A number that is right-aligned, half pounds without a nought, and the pound sign outside the brackets are read too. More than nine
-- digits before the point are a typing error, and would overflow the first sum. CR and DR are not read: their sign depends on whose books
-- they are.
create or replace function ref.parse_money(value text) returns numeric
language sql stable parallel safe as $$
    select case
        -- as most come: spares the costlier reading
        when translate(value, '0123456789', '') in ('.', '-.') and pg_input_is_valid(value, 'numeric')
            and length(value) - strpos(value, '.') between 1 and 2 and strpos(value, '.') <= 10
            then value::numeric(14, 2)
        when value ~ '^ *(-?£? ?|£ ?-)((\d{1,3}(,\d{3}){1,2}|\d{1,9})(\.\d{1,2})?|\.\d{1,2}) *$'
            then translate(value, '£, ', '')::numeric(14, 2)
        when value ~ '^ *(£? ?((\d{1,3}(,\d{3}){1,2}|\d{1,9})(\.\d{1,2})?|\.\d{1,2}) ?-|\(£? ?((\d{1,3}(,\d{3}){1,2}|\d{1,9})(\.\d{1,2})?|\.\d{1,2})\)|£ ?\(((\d{1,3}(,\d{3}){1,2}|\d{1,9})(\.\d{1,2})?|\.\d{1,2})\)) *$'
            then -translate(value, '£, ()-', '')::numeric(14, 2)
    end
$$;
comment on function ref.parse_money(text) is 'Pounds and pence, signed: 1,234.50  £50  (50.00)  £(50.00)  50.00-  . A comma is never a decimal sign; at most nine digits before the point.';
