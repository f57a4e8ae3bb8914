-- The source. revision: a number that no other version of a row has; whole: the target has the row with this body, so
-- that updates may leave it out.
create schema chaos;
create table chaos.products (
  id text primary key, title text, amount numeric, revision bigint not null, body text, whole boolean not null);
create table chaos.members (like chaos.products including all);
create table chaos.articles (like chaos.products including all);
-- large enough to be stored out of line, whatever it would be compressed
alter table chaos.products alter body set storage external;
alter table chaos.members alter body set storage external;
alter table chaos.articles alter body set storage external;
alter table chaos.members replica identity full;
create table chaos.unknown (id text primary key);
