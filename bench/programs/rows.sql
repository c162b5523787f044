-- SQLite in memory: rows are made, indexed, grouped, joined and changed. The parameter :rows is their number.
create table item (id integer primary key, kind integer, price real, name text);
with recursive n (i) as (select 1 union all select i + 1 from n where i < :rows)
insert into item select i, i * 7919 % 1009, (i * 31 % 10007) / 100.0, 'item ' || (i * 17 % 4099) from n;
create index item_kind on item (kind, price);
select count(*), sum(kind), printf('%.2f', sum(price)) from item;
select kind, count(*), printf('%.2f', avg(price)), max(name) from item group by kind order by 3 desc limit 5;
select count(*) from item a join item b on b.id = a.kind and b.price < a.price;
update item set name = upper(name) where kind % 5 = 0;
delete from item where price > 90;
select name, count(*) from item where name like '%7%' group by name order by 2 desc, 1 limit 5;
