delete from chaos.orders where id = :#id
