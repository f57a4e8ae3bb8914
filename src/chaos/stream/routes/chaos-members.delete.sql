delete from chaos.members where id = :#record.id
