-- The document's hard delete, of one record: many go to the server together.
delete from github.issues where id = :#id and (updated_idx is null or updated_idx <= :#updated_idx)
