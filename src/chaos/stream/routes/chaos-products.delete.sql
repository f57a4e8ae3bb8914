delete from chaos.products where id = :#record.id
