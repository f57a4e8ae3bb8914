delete from public.order_lines where order_id = :#record.order_id and line = :#record.line
