delete from subscriptions where id = :#id and ("updatedIdx" is null or "updatedIdx" <= :#updated_idx)
