delete from stripe.subscriptions where id = :#id and (updated_idx is null or updated_idx <= :#updated_idx)
