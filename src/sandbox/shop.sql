-- The shop: what the sandbox replicates with sequin.api=stream. The replica has the same tables, without version columns.
create type payment_status as enum ('open', 'paid', 'refunded');

create table customers (
  id bigint primary key,
  name text not null,
  email text,
  vip boolean not null,
  balance numeric(12, 2) not null,
  tags text[] not null,
  attributes jsonb not null,
  created_at timestamptz not null
);

-- a key of two columns
create table order_lines (
  order_id bigint,
  line int,
  product text not null,
  quantity int not null,
  price numeric(12, 2) not null,
  primary key (order_id, line)
);

-- a text that is stored out of line: an update of another column does not send it
create table articles (
  id int primary key,
  title text not null,
  views int not null,
  body text not null
);

-- changes bring the whole old row
create table payments (
  id uuid primary key,
  amount numeric not null,
  status payment_status not null,
  note text,
  paid_at timestamp
);
alter table payments replica identity full;
