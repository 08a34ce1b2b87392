module OtherName
end
